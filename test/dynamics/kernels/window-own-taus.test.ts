import { describeKernel } from '../../suites/kernel-suite.js'
import { windowOwnTaus } from './subjects.js'

describeKernel(windowOwnTaus)
