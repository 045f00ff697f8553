/** What the class of a label is called, whether or not it has a name. */
export function classNameOf(names: readonly string[] | undefined, label: number): string {
  return names?.[label] ?? `class ${label}`
}
