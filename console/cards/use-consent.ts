import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ask } from '../client.ts'

export type ConsentState =
  | { kind: 'idle' }
  | { kind: 'open' }
  | { kind: 'popup-blocked' }
  | { kind: 'refused'; message: string }

const lookEveryMs = 400

/** Opens the vendor's popup and waits until it has told us that it is done, or is closed. Whether it worked, the server knows. */
export function useConsent(providerId: string): {
  state: ConsentState
  begin(): void
  reset(): void
} {
  const client = useQueryClient()
  const [state, setState] = useState<ConsentState>({ kind: 'idle' })
  const popup = useRef<Window | null>(null)
  const isOpen = state.kind === 'open'

  useEffect(() => {
    if (!isOpen) return
    const finish = () => {
      setState({ kind: 'idle' })
      void client.invalidateQueries({ queryKey: ['providers'] })
    }
    const hear = (event: MessageEvent<unknown>) => {
      if (event.source === popup.current && isDone(event.data)) finish()
    }
    const look = setInterval(() => {
      if (popup.current?.closed) finish()
    }, lookEveryMs)
    globalThis.addEventListener('message', hear)
    return () => {
      clearInterval(look)
      globalThis.removeEventListener('message', hear)
    }
  }, [isOpen, client])

  async function follow(opened: Window): Promise<void> {
    try {
      const { authorizeUrl } = await ask<{ authorizeUrl: string }>(
        'POST',
        `providers/${providerId}/authorize`,
      )
      opened.location.href = authorizeUrl
    } catch (error) {
      opened.close()
      setState({ kind: 'refused', message: error instanceof Error ? error.message : '' })
    }
  }

  return {
    state,
    begin() {
      // Opened by the click itself and sent on later: a popup that opens after an answer is taken for an advertisement.
      const opened = globalThis.open('about:blank', `authorize-${providerId}`, 'popup,width=560,height=720')
      popup.current = opened
      if (!opened) return setState({ kind: 'popup-blocked' })
      setState({ kind: 'open' })
      void follow(opened)
    },
    reset: () => setState({ kind: 'idle' }),
  }
}

const isDone = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === 'calendar-sync-oauth'
