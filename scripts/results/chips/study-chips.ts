import {
  type ChipPlacementOptions,
  type ChipProfile,
  chipProfile,
  chipProfileNames,
} from '../../../dist/hardware/index.js'

/** Neurons of a core where a profile does not say how many it has room for: a choice of this study. */
export const CHOSEN_NEURONS = 128

/** A chip of the study. */
export interface StudyChip {
  readonly profile: ChipProfile
  readonly room: Pick<ChipPlacementOptions, 'neuronsPerCore'>
}

/** Every profile of the package. */
export const STUDY_CHIPS: readonly StudyChip[] = chipProfileNames().map((name) => {
  const profile = chipProfile(name)
  return { profile, room: profile.core.neurons === null ? { neuronsPerCore: CHOSEN_NEURONS } : {} }
})
