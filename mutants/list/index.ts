import type { MutantList } from '../mutant.js'
import { ACTORS } from './actors.js'
import { CLI } from './cli.js'
import { DATA } from './data.js'
import { DYNAMICS_KERNELS } from './dynamics-kernels.js'
import { DYNAMICS_MODELS } from './dynamics-models.js'
import { EVENTS } from './events.js'
import { HARDWARE } from './hardware.js'
import { LEARNING } from './learning.js'
import { NETWORK } from './network.js'
import { NUMERICS } from './numerics.js'
import { RENDEZVOUS } from './rendezvous.js'
import { STORAGE } from './storage.js'
import { STREAMS } from './streams.js'
import { TESTING } from './testing.js'

export const MUTANTS: MutantList = {
  numerics: NUMERICS,
  events: EVENTS,
  network: NETWORK,
  dynamics: [...DYNAMICS_MODELS, ...DYNAMICS_KERNELS],
  learning: LEARNING,
  data: DATA,
  hardware: HARDWARE,
  streams: STREAMS,
  storage: STORAGE,
  rendezvous: RENDEZVOUS,
  actors: ACTORS,
  cli: CLI,
  testing: TESTING,
}
