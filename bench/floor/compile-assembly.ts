import { fileURLToPath } from 'node:url'
import { type WebAssemblyMemory, webAssembly } from '../../dist/dynamics/kernels/wasm/web-assembly.js'

/** What assembly/add-rows.ts exports; see there. */
export interface AddRows {
  addRows(weights: number, units: number, spikes: number, rowBytes: number, sums: number): void
}

const FOLDER = fileURLToPath(new URL('assembly', import.meta.url))
const FLAGS = ['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory']

/** Compiles the floor in WebAssembly and binds it to a memory. */
export async function compileAssembly(memory: WebAssemblyMemory): Promise<AddRows> {
  // Slow to load.
  const { main, createMemoryStream } = await import('assemblyscript/asc')
  const stderr = createMemoryStream()
  let binary = new Uint8Array(0)
  const { error } = await main(['add-rows.ts', '--baseDir', FOLDER, '--outFile', 'add-rows.wasm', ...FLAGS], {
    stderr,
    writeFile(_, contents) {
      if (typeof contents !== 'string') binary = Uint8Array.from(contents)
    },
  })
  if (error !== null) throw new Error(`the floor does not compile: ${stderr.toString()}`, { cause: error })
  const module = new webAssembly.Module(binary)
  return new webAssembly.Instance(module, { env: { memory } }).exports as AddRows
}
