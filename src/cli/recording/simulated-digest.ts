import { jsonLine, type Shown, shown } from '../shown.js'

/** What a simulation ends with, as a training does. */
export function simulatedDigest(digest: string, { json }: { readonly json: boolean }): Shown {
  return json ? jsonLine({ done: true, digest }) : shown`digest  ${digest}\n`
}
