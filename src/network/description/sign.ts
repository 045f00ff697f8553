/** The sign that every weight of a projection has and keeps; 0 is of either. */
export type Sign = 'excitatory' | 'inhibitory'

/** The weights of one sign; all of them where none is asked for. */
export function weightsOfSign(sign: Sign | undefined): readonly [min: number, max: number] {
  if (sign === undefined) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return sign === 'excitatory' ? [0, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, 0]
}

/** The sign of each projection that has one, by its key. */
export function signsOf(
  projections: readonly { readonly key: string; readonly sign?: Sign }[],
): ReadonlyMap<string, Sign> {
  return new Map(projections.flatMap(({ key, sign }) => (sign === undefined ? [] : [[key, sign]])))
}
