/** What Google's documentation leaves open about events. */
export const eventSwitches = {
  malformedSyncToken: {
    about: 'The status of a sync token that was never given out.',
    choices: [410, 400],
  },
  startOutsideRule: {
    about: 'Whether the start of a series that its own rule does not name is an instance of it.',
    choices: ['counted', 'left out'],
  },
} as const
