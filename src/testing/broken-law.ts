import { RunError } from '../events/errors.js'

/** The error of a law that does not hold: LAW_BROKEN, with the law's name and the first place it fails at. */
export function brokenLaw(law: string, found: string, details: Readonly<Record<string, string | number>>): RunError {
  return new RunError({ code: 'LAW_BROKEN', message: `${law}: ${found}.`, details: { law, ...details } })
}
