import { describePublicCalls } from './describe-public-calls.js'

describePublicCalls(1)
