export interface HiddenLayer {
  readonly name: string
  readonly size: number
}

/** The hidden layers of a layered network: `hidden` if there is one, else `hidden1`, `hidden2`, … */
export function hiddenLayers(hidden: number | readonly number[]): readonly HiddenLayer[] {
  const sizes = typeof hidden === 'number' ? [hidden] : hidden
  return sizes.map((size, layer) => ({ name: sizes.length === 1 ? 'hidden' : `hidden${layer + 1}`, size }))
}

/** Values per group, of which that of `hidden` stands for every hidden layer that has none of its own. */
export function perHiddenLayer<Value>(
  values: Readonly<Record<string, Value>>,
  hidden: number | readonly number[],
): Readonly<Record<string, Value>> {
  const { hidden: shared, ...others } = values
  if (shared === undefined) return values
  return { ...Object.fromEntries(hiddenLayers(hidden).map(({ name }) => [name, shared])), ...others }
}
