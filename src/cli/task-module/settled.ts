/**
 * The value of a promise; or an error, if no activity is left that could settle the promise: the process would end without a
 * word.
 */
export function settled<Value>(promised: Value, stuck: () => Error): Promise<Awaited<Value>> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(stuck())
    process.once('beforeExit', giveUp)
    const done = () => void process.off('beforeExit', giveUp)
    Promise.resolve(promised).then(resolve, reject).finally(done)
  })
}
