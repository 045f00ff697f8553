/** It never comes back once time has come to `from`. */
export function createActor(_place, { from }) {
  return {
    advance(until) {
      while (until > from);
      return { times: [], units: [] }
    },
  }
}
