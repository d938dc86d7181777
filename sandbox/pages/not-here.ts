/** There is no page for what was asked; it says why in a sentence. */
export class NotHere extends Error {
  override readonly name = 'NotHere'
}
