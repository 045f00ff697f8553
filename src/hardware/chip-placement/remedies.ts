/** What helps with a placement that is not one of network and chips. */
export const PLACE_ANEW = 'Let placeOnChip place the network for this profile.'

/** What helps with a placement of another network. */
export const READ_WITH_ITS_NETWORK = 'Read it with the network that it was written for, or place this network again.'

/** What helps where latencies are not known. */
export const NO_LATENCIES = 'Leave latencies out of the model, or say them in a profile of your own.'
