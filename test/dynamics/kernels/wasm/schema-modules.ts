import { readdirSync } from 'node:fs'
import type { Layout } from '../../../../src/dynamics/kernels/wasm/schema/layout.js'

/** What a module of the schema exports: layouts, lists whose entries are numbered, and numbers. */
export type SchemaModule = Readonly<Record<string, Layout | readonly string[] | number>>

const FOLDER = new URL('../../../../src/dynamics/kernels/wasm/schema/', import.meta.url)

/** All modules of the schema, by name. */
export async function schemaModules(): Promise<readonly (readonly [string, SchemaModule])[]> {
  const names = readdirSync(FOLDER).filter((name) => name !== 'layout.ts')
  return Promise.all(
    names.map(async (file) => [file.replace('.ts', ''), await import(new URL(file, FOLDER).href)] as const),
  )
}

/** All layouts of a module. */
export function layoutsOf(module: SchemaModule): readonly (readonly [string, Layout])[] {
  return Object.entries(module).flatMap(([name, value]) =>
    typeof value === 'object' && 'fields' in value ? [[name, value] as const] : [],
  )
}
