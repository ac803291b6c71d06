import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../icons.tsx';
import { t } from '../language.ts';
import type { Held } from '../resource.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** The frame of what comes; its motion starts only after a second. */
export function Skeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div class="skeleton" role="status" aria-label={t('page.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} class="skeleton-row" />
      ))}
    </div>
  );
}

/** An empty place that teaches the next step. */
export function Empty({
  icon,
  title,
  children,
}: {
  icon?: IconName;
  title?: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      {icon && <Icon name={icon} size={40} />}
      {title && <p class="empty-title">{title}</p>}
      {children && <p>{children}</p>}
    </div>
  );
}

interface LoadedProps<T> {
  held: Held<T>;
  onRetry: () => void;
  rows?: number;
  children: (value: T) => ComponentChildren;
}

/** Loading, failed or ready: one place decides how each looks. */
export function Loaded<T>({ held, onRetry, rows, children }: LoadedProps<T>) {
  if (held.kind === 'loading') return <Skeleton {...(rows === undefined ? {} : { rows })} />;
  if (held.kind === 'failed')
    return <Notice error={held.error} action={<Button onPress={onRetry}>{t('page.retry')}</Button>} />;
  return <>{children(held.value)}</>;
}

export function Progress({ label }: { label: string }) {
  return (
    <div class="progress" role="status">
      <span class="progress-bar" aria-hidden="true" />
      <span>{label}</span>
    </div>
  );
}
