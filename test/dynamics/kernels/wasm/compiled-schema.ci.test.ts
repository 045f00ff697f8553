import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createMemoryStream, main } from 'assemblyscript/asc'
import { describe, expect, test } from 'vitest'
import { writeFields } from '../../../../src/dynamics/kernels/wasm/fields.js'
import { ADJOINT_HEADER } from '../../../../src/dynamics/kernels/wasm/schema/adjoint-header.js'
import { HEADER, HEADER_AT } from '../../../../src/dynamics/kernels/wasm/schema/header.js'
import type { Layout } from '../../../../src/dynamics/kernels/wasm/schema/layout.js'
import { WINDOW_HEADER } from '../../../../src/dynamics/kernels/wasm/schema/window-header.js'
import { webAssembly } from '../../../../src/dynamics/kernels/wasm/web-assembly.js'
import { type SchemaModule, schemaModules } from './schema-modules.js'

const ASSEMBLY = fileURLToPath(new URL('../../../../src/dynamics/kernels/wasm/assembly', import.meta.url))
const FLAGS = ['--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--memoryBase', '1024']

interface Exports {
  readonly [name: string]: { readonly value: number } & ((value?: number) => number)
}

/** What some modules of the assembly export, once compiled. */
async function compiled(memory: { readonly buffer: ArrayBufferLike }, ...files: readonly string[]): Promise<Exports> {
  const stderr = createMemoryStream()
  let binary = new Uint8Array(0)
  const { error } = await main([...files, '--baseDir', ASSEMBLY, '--outFile', 'made.wasm', ...FLAGS], {
    stderr,
    writeFile(_, contents) {
      if (typeof contents !== 'string') binary = Uint8Array.from(contents)
    },
  })
  if (error !== null) throw new Error(stderr.toString(), { cause: error })
  return new webAssembly.Instance(new webAssembly.Module(binary), { env: { memory } }).exports as Exports
}

/** The name of a constant of the assembly: `spikeIntervalPU` is SPIKE_INTERVAL_P_U, 'tape is full' TAPE_IS_FULL. */
const constantName = (name: string) =>
  /[a-z]/.test(name)
    ? name
        .replaceAll(/.(?=[A-Z])/g, '$&_')
        .replaceAll(' ', '_')
        .toUpperCase()
    : name

/** The constants that a module of the schema stands for. */
function constantsOf(module: SchemaModule): Readonly<Record<string, number>> {
  const pairs = Object.entries(module).flatMap(([name, value]): (readonly [string, number])[] => {
    if (typeof value === 'number') return [[name, value]]
    if (!('fields' in value)) return value.map((entry, number) => [constantName(entry), number])
    const { at, prefix, size } = value
    const before = prefix === '' ? '' : `${constantName(prefix)}_`
    return [[name, size], ...Object.entries(at).map(([field, place]) => [before + constantName(field), place] as const)]
  })
  return Object.fromEntries(pairs)
}

const modules = (await schemaModules()).filter(([name]) => !/^((window|adjoint)-)?header$/.test(name))

test.each(modules)('the assembly has the numbers of %s, and no others', async (name, module) => {
  const exports = await compiled(new webAssembly.Memory({ initial: 1 }), `schema/${name}.ts`)
  const values = Object.entries(exports).map(([constant, { value }]) => [constant, value])
  expect(Object.fromEntries(values)).toEqual(constantsOf(module))
})

test.each(modules)('the namespaces of the assembly have the fields of %s', (name, module) => {
  const text = readFileSync(`${ASSEMBLY}/schema/${name}.ts`, 'utf8')
  const values = [...text.matchAll(/^export namespace (\w+) \{\n([^}]*)\}/gm)].flatMap(
    ([, namespace = '', fields = '']) =>
      [...fields.matchAll(/^ {2}export const (\w+): usize = (\d+)$/gm)].map(
        ([, field = '', place]) => [`${namespace}.${field}`, Number(place)] as const,
      ),
  )
  const expected = Object.values(module).flatMap((record) => {
    if (typeof record === 'number' || !('fields' in record) || record.prefix === '') return []
    const namespace = record.prefix.replace(/^./, (letter) => letter.toUpperCase())
    return Object.entries(record.at).map(([field, place]) => [`${namespace}.${constantName(field)}`, place] as const)
  })
  expect(Object.fromEntries(values)).toEqual(Object.fromEntries(expected))
})

/** Compiles a header, writes another value into every field and reads each from inside. */
async function readFromInside(header: Layout, address: number, files: readonly string[]) {
  const memory = new webAssembly.Memory({ initial: 2 })
  const inside = await compiled(memory, ...files)
  const views = { f64: new Float64Array(memory.buffer), i32: new Int32Array(memory.buffer) }
  const values = Object.fromEntries(
    [...header.numbers].map(([name, { kind }], k) => [name, kind === 'bool' ? 1 : 3 + k]),
  )
  writeFields(views, header, address, values)
  // Vectors cannot be handed out.
  const fields = header.fields.filter(({ parts }) => parts.length === 0)
  return { inside, views, values, fields }
}

describe('the functions of the assembly', () => {
  test('read every field of the header, of the first thread and of others', async () => {
    const { inside, values, fields } = await readFromInside(HEADER, HEADER_AT, ['schema/header.ts', 'lanes/lanes.ts'])
    for (const thread of [0, 1, 5]) {
      inside.setThread?.(thread)
      for (const { name, perThread = 0 } of fields) {
        const room = typeof perThread === 'string' ? (values[perThread] as number) : perThread
        expect(inside[name]?.(), name).toBe((values[name] as number) + thread * room)
      }
    }
    expect(fields.length).toBeGreaterThan(70)
  })

  test.each([0, 4096])(
    'read every field of a window header at %i, and write those that the kernel counts by',
    async (address) => {
      const files = ['schema/window-header.ts', 'window/window-header.ts']
      const { inside, views, values, fields } = await readFromInside(WINDOW_HEADER, address, files)
      inside.attachWindow?.(address)
      for (const { name } of fields) expect(inside[name]?.(), name).toBe(values[name])
      const setters = Object.keys(inside).filter((name) => name.startsWith('set'))
      expect(setters).toEqual(['setHeldCount', 'setEmittedCount', 'setFaulty'])
      inside.setFaulty?.(-7)
      expect(views.i32[(address + WINDOW_HEADER.at.faulty) / 4]).toBe(-7)
      expect(inside.faulty?.()).toBe(-7)
    },
  )

  test('read every field of the header of the way back, and write those that it counts and tells by', async () => {
    const files = ['schema/adjoint-header.ts', 'window/adjoint-header.ts']
    const { inside, views, values, fields } = await readFromInside(ADJOINT_HEADER, 4096, files)
    inside.attachAdjoint?.(4096)
    for (const { name } of fields) expect(inside[name]?.(), name).toBe(values[name])
    const setters = Object.keys(inside).filter((name) => name.startsWith('set'))
    expect(setters).toEqual([
      'setFreeCount',
      'setUndefinedNeuron',
      'setUndefinedTime',
      'setUndefinedSlope',
      'setGrazings',
    ])
    inside.setGrazings?.(7)
    expect(views.i32[(4096 + ADJOINT_HEADER.at.grazings) / 4]).toBe(7)
  })
})
