/**
 * Which modules may be loaded here: any, or those of this package alone and what lies below a folder of this machine's own.
 * A sender that names a module has its code executed, and a sender that names a file learns its content.
 */
export type ModulePolicy = { readonly kind: 'any' } | WorkerModules

export interface WorkerModules {
  readonly kind: 'own'
  /** Folder below which tasks may read files; default: none. */
  readonly data?: string | undefined
  /** Folder of the modules that may be loaded, each by its path below it; default: none. */
  readonly modules?: string | undefined
}

export const ANY_MODULE: ModulePolicy = Object.freeze({ kind: 'any' })
