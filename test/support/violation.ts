/** What the gates of the source tree look for. */
export const RULES = [
  'part',
  'layer',
  'room',
  'outside',
  'dynamic-import',
  'node',
  'package',
  'cycle',
  'file-name',
  'file-length',
  'random',
  'clock',
  'arithmetic',
  'default-export',
  'any',
  'module-state',
  'output',
  'terminal',
  'error-name',
  'unpacked-file',
] as const

export type Rule = (typeof RULES)[number]

/** A place in the source tree that breaks a rule. */
export interface Violation {
  readonly rule: Rule
  readonly path: string
  readonly line: number
  readonly found: string
}
