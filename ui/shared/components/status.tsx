import type { ComponentChildren } from 'preact';
import { showTime } from '../clock.ts';
import { t } from '../language.ts';
import { freshness } from '../live.ts';
import type { Tone } from './notice.tsx';

/** A state is always a shape and a word, never a colour alone. */
export function StatusDot({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`status ${tone}`}>
      <span class="status-dot" aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}

/** Whether the page's figures are current, and since when not. */
export function FreshnessMark() {
  const state = freshness.value;
  if (state.state === 'stale')
    return (
      <div class="freshness" role="status">
        <StatusDot tone="trouble">{t('fresh.stale', { time: showTime(state.since) })}</StatusDot>
      </div>
    );
  return (
    <div class="freshness" role="status">
      <StatusDot tone={state.state === 'live' ? 'serving' : 'waiting'}>
        {t(state.state === 'live' ? 'fresh.live' : 'fresh.connecting')}
      </StatusDot>
    </div>
  );
}

/** Shown only when figures are old, for screens on which nothing but the matter itself belongs. */
export function StaleOnly() {
  return freshness.value.state === 'stale' ? <FreshnessMark /> : <div class="freshness" role="status" />;
}
