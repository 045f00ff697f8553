/** A promise and the means to settle it; settling again changes nothing. */
export interface Settlement {
  readonly promise: Promise<void>
  resolve(): void
  reject(error: Error): void
}

export function createSettlement(): Settlement {
  let resolve: () => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<void>((agree, refuse) => {
    resolve = agree
    reject = refuse
  })
  return { promise, resolve: () => resolve(), reject: (error) => reject(error) }
}
