/** The fields that are not undefined: a field without a value is as good as none, so that a default may take its place. */
export function withoutUndefined<Fields extends object>(fields: Fields): Fields {
  // Every step of a training asks: entries would be an array for each field.
  const given = { ...fields }
  for (const name of Object.keys(given) as (keyof Fields)[]) if (given[name] === undefined) delete given[name]
  return given
}
