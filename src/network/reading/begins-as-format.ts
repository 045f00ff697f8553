/** Whether the beginning of a text is that of a JSON file whose first field is this `format`. */
export function beginsAsFormat(text: string, format: string): boolean {
  return new RegExp(`^\\s*\\{\\s*"format"\\s*:\\s*"${format}"`).test(text)
}
