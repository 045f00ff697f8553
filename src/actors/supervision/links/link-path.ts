import { COORDINATOR } from '../../../streams/links/link-options.js'

/** Path of the URL at which a side takes the link of one other, such as `/3/5`, or `/coordinator/3`. */
export function linkPath(own: number, dialler: number): string {
  return `/${nameIn(own)}/${nameIn(dialler)}`
}

/** Where to dial it, behind the address of a listener such as ws://127.0.0.1:4000 or ws+unix:/run/core-1.sock:/ */
export function linkUrl(address: string, own: number, dialler: number): string {
  return `${address.replace(/\/$/, '')}${linkPath(own, dialler)}`
}

function nameIn(side: number): string {
  return side === COORDINATOR ? 'coordinator' : String(side)
}
