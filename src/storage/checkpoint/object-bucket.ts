/** Objects under names, in a store that several machines reach. */
export interface ObjectBucket {
  /** For people. */
  readonly name: string
  names(prefix: string): Promise<readonly string[]>
  /** RunError STORE_UNREACHABLE, STORE_DENIED, OBJECT_MISSING, OBJECT_DAMAGED */
  read(name: string): Promise<Uint8Array>
  /** Create only. RunError OBJECT_EXISTS, STORE_FULL, STORE_UNREACHABLE, STORE_DENIED */
  create(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<void>
}
