/** Where a page of docs/ can be read, which the package does not have. */
export function documentationPage(name: string): string {
  return `https://github.com/antidrome/antidrome/blob/main/docs/${name}`
}
