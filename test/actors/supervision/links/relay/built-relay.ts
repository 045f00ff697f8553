import type * as carriers from '../../../../../src/actors/supervision/links/link-carrier.js'
import type * as relays from '../../../../../src/actors/supervision/links/relay/open-relay.js'
import { builtFile } from '../../../../support/built-file.js'

const RELAY = builtFile('actors/supervision/links/relay/')

/** Threads start from the build alone. */
export const { openRelay } = (await import(new URL('open-relay.js', RELAY).href)) as typeof relays
export const { SOCKETS } = (await import(new URL('../link-carrier.js', RELAY).href)) as typeof carriers

export const ENTRY = new URL('relay-thread.js', RELAY)
