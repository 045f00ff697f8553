/** What helps with a placement that is not one of network and chips. */
export const PLACE_ANEW = 'Let placeOnChip place the network for this profile.'

/** What helps with a placement of another network. */
export const READ_WITH_ITS_NETWORK = 'Read it with the network that it was written for, or place this network again.'

/** What helps where latencies are not known. */
export const NO_LATENCIES = 'Leave latencies out of the model, or say them in a profile of your own.'

/** What helps where blocks must lie on one core, for they hear units that address few cores. */
export const HEAR_APART =
  'Let neurons of different cores hear different units, such as a copy of a layer for each core, or choose a chip whose units address more cores.'
