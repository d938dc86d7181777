import { CloseButton } from '@mantine/core'

/** The cross in a banner's corner. */
export function BannerClose({ id, label, onClose }: { id: string; label: string; onClose: () => void }) {
  return (
    <CloseButton id={id} aria-label={label} size="sm" pos="absolute" top={8} right={8} onClick={onClose} />
  )
}
