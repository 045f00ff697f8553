/** Whether a command line asks for JSON; also one that cannot be read otherwise, whose error is then reported as JSON. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end < 0 ? argv.length : end).some((word) => /^--json(=|$)/.test(word))
}
