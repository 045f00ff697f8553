/** The rooms of src/dynamics, and which others each imports; what lies beside them belongs to all and imports none. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  equations: [],
  emission: [],
  operators: [],
  parameters: [],
  noise: ['parameters'],
  traffic: ['parameters'],
  timeline: ['noise', 'parameters'],
  models: ['equations', 'parameters', 'traffic'],
  kernels: ['emission', 'equations', 'models', 'noise', 'operators', 'parameters', 'timeline', 'traffic'],
  voltages: ['equations', 'kernels', 'models', 'parameters', 'timeline'],
}

/** The room of src/dynamics a file lies in: '' beside all rooms, null elsewhere. */
export function roomOf(path: string): string | null {
  const [part, room = '', ...within] = path.split('/')
  if (part !== 'dynamics') return null
  return within.length === 0 ? '' : room
}

export const isRoom = (name: string) => name === '' || Object.hasOwn(ROOMS, name)

/** Whether a file of one room may import one of another. */
export function mayEnter(from: string, to: string): boolean {
  return from === to || to === '' || (ROOMS[from]?.includes(to) ?? false)
}
