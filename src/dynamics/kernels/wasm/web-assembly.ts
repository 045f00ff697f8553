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
export interface MemoryDescriptor {
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
