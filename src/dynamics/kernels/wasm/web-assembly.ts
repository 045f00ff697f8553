/** Compiled code; threads hand it on to each other. */
export interface WebAssemblyModule {
  readonly [Symbol.toStringTag]: string
}

/** Memory in pages of 64 KiB. Growing it replaces the buffer, unless it is shared. */
export interface WebAssemblyMemory {
  readonly buffer: ArrayBufferLike
  grow(pages: number): number
}

/** Sizes in pages; shared memory needs a maximum. */
interface MemoryDescriptor {
  readonly initial: number
  readonly maximum?: number
  readonly shared?: boolean
}

/** What the kernel needs of WebAssembly's API. TypeScript declares it for browsers only. */
export interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WebAssemblyModule
  readonly Memory: new (descriptor: MemoryDescriptor) => WebAssemblyMemory
  readonly Instance: new (module: WebAssemblyModule, imports: object) => { readonly exports: object }
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly

/**
 * Compiles what `scripts/build-wasm.mjs` has made when it is first asked for, and then keeps it: a module serves any number
 * of instances and threads, and whatever the engine compiles or optimises of it later is lost with it.
 *
 * @param parts the bytes of a module, a character each, which are put together
 */
export function compiledOnce(parts: readonly string[]): () => WebAssemblyModule {
  let module: WebAssemblyModule | undefined
  return () => {
    module ??= compileBinary(parts)
    return module
  }
}

function compileBinary(parts: readonly string[]): WebAssemblyModule {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  // By index: walking the characters of a string takes longer than compiling them.
  for (const text of parts) for (let k = 0; k < text.length; k++, at++) bytes[at] = text.charCodeAt(k)
  return new webAssembly.Module(bytes)
}
