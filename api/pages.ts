import { randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'

/** A small page of ours that loads nothing and is framed by nobody. `script` is our own text, never a caller's. */
export function sendPage(
  reply: FastifyReply,
  status: number,
  title: string,
  message: string,
  script = '',
): FastifyReply {
  const nonce = randomBytes(16).toString('base64')
  return reply
    .status(status)
    .type('text/html; charset=utf-8')
    .headers({
      'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
    }).send(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title><meta name="viewport" content="width=device-width">
<style nonce="${nonce}">body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}</style></head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(message)}</p></main>
${script ? `<script nonce="${nonce}">${script}</script>` : ''}</body>
</html>
`)
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}
