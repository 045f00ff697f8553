/** Named bytes that are kept elsewhere. */
export interface ObjectBucket {
  /** For people. */
  readonly name: string
  /** Of the objects whose names begin so, in no order. Raises `RunError` STORE_UNREACHABLE, STORE_DENIED. */
  names(prefix: string): Promise<readonly string[]>
  /** Raises `RunError` STORE_UNREACHABLE, STORE_DENIED, OBJECT_MISSING, OBJECT_DAMAGED. */
  read(name: string): Promise<Uint8Array>
  /** Creates only. Raises `RunError` OBJECT_EXISTS, STORE_FULL, STORE_UNREACHABLE, STORE_DENIED. */
  create(name: string, bytes: Uint8Array): Promise<void>
  /** Raises `RunError` STORE_UNREACHABLE, STORE_DENIED, OBJECT_MISSING. */
  remove(name: string): Promise<void>
}
