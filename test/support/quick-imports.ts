/** A plugin of vite, as far as it is one. */
interface TransformPlugin {
  readonly name: string
  transform(code: string, id: string): { readonly code: string; readonly map: null } | undefined
}

/**
 * What is appended to a module: it looks for a name through an heir of the exports until V8 keeps them as it keeps
 * prototypes, by their shape.
 */
const SETTLE_EXPORTS = `
{
  const heir = Object.create(__vite_ssr_exports__)
  const look = () => heir.absent
  for (let k = 0; k < 50; k++) look()
}`

/**
 * Makes calls across modules as quick in tests as they are in the build.
 *
 * The test runner turns every use of an import into a look-up in an object of getters. V8 keeps such an object as a
 * dictionary, which costs a search per use: loops that call `exp` take twice as long.
 */
export function quickImports(): TransformPlugin {
  return {
    name: 'quick-imports',
    transform(code, id) {
      if (!/\.ts$/.test(id) || id.includes('/node_modules/')) return undefined
      return { code: code + SETTLE_EXPORTS, map: null }
    },
  }
}
