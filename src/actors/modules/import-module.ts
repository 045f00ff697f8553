/** What a module exports, by name. */
export type ModuleExports = Readonly<Record<string, unknown>>

/** Imports any specifier, unchecked: the only place that does. Modules of this package have no URL anywhere. */
export async function importModule(specifier: string): Promise<ModuleExports> {
  switch (specifier) {
    case 'antidrome/data':
      return import('../../data/index.js')
    case 'antidrome/data/files':
      return import('../../data/files/index.js')
    default:
      return withNames(await import(specifier))
  }
}

/** A CommonJS module whose names Node.js cannot tell from its text, as some loaders make of TypeScript, has all in `default`. */
function withNames(exported: ModuleExports): ModuleExports {
  const { default: whole } = exported
  const isNamed = Object.keys(exported).some((name) => name !== 'default' && name !== 'module.exports')
  return isNamed || typeof whole !== 'object' || whole === null ? exported : { ...whole, ...exported }
}
