import { tellStory } from './demo/story.ts'
import { runningProduct } from './demo/running-product.ts'
import { answerHelp, giveUp } from './parts/command.ts'
import { dataDirFrom } from './parts/data-dir.ts'

answerHelp(`
npm run demo: follows one event through the running product, telling what happens where and how long it took.
It is made at Google, appears in the schedule and at Outlook, is edited at Outlook, and is deleted at Google again.
Needs a running "npm start" with its demo tenant, in the same DATA_DIR. Ends with 1 when a step does not happen in time.

  DATA_DIR   where the product keeps its data (.data)
`)

try {
  await tellStory(runningProduct(dataDirFrom(process.env)))
} catch (error) {
  giveUp(error)
}
