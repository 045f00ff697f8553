export type { EarlierWork } from './earlier-work.js'
export { formatJson } from './format-json.js'
export { type LoadNetworkOptions, loadNetwork, saveNetwork } from './network-file.js'
export { type CurveEpoch, type CurvesOptions, curvesPicture } from './pictures/curves-picture.js'
export { type DecisionMapOptions, type DecisionPoint, decisionMapPicture } from './pictures/decision-map-picture.js'
export { type RasterGroup, type RasterOptions, rasterPicture, type VoltageGroup } from './pictures/raster-picture.js'
export { type RecordingPictureOptions, recordingPicture } from './pictures/recording-picture.js'
export { readTextFile } from './read-text.js'
export type { RecordedEvents } from './recording/merge-events.js'
export { openRecording, type Recording } from './recording/read-recording.js'
export {
  continueRecording,
  type RecordedSegment,
  type Recorder,
  startRecording,
} from './recording/record.js'
export { type GroupFigures, type RecordingFigures, recordingFigures } from './recording/recording-figures.js'
export type { RecordedGroup, RecordingDescription } from './recording/recording-manifest.js'
export type { RunRecord } from './run/run-record.js'
export { runDigest } from './run-digest.js'
export { openRun, type RunFolder, type RunOptions } from './run-folder.js'
export { type FileContent, writeAtomically } from './write-atomically.js'
