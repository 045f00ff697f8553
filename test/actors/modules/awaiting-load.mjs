// A module that waits for something that never comes.
await new Promise(() => undefined)
export const createActor = () => ({ advance: () => ({ times: [], units: [] }) })
