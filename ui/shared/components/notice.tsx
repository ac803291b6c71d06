import type { ComponentChildren } from 'preact';
import type { ApiError } from '../../../protocol/api/common.ts';
import { Icon, type IconName } from '../icons.tsx';
import { inLanguage, t } from '../language.ts';

export type Tone = 'info' | 'waiting' | 'serving' | 'attention' | 'trouble';

const icons: Record<Tone, IconName> = {
  info: 'info',
  waiting: 'clock',
  serving: 'check',
  attention: 'attention',
  trouble: 'trouble',
};

interface NoticeProps {
  error: ApiError;
  tone?: Tone;
  title?: string | undefined;
  action?: ComponentChildren;
}

/** A refusal as a person should read it: what happened, what is safe, what to do; the code small. */
export function Notice({ error, tone = 'attention', title, action }: NoticeProps) {
  return (
    <Message tone={tone} title={title} action={action}>
      <p>{inLanguage(error)}</p>
      <p class="notice-code">{t('page.code', { code: error.code })}</p>
    </Message>
  );
}

interface MessageProps {
  tone: Tone;
  title?: string | undefined;
  children: ComponentChildren;
  action?: ComponentChildren;
}

export function Message({ tone, title, children, action }: MessageProps) {
  return (
    <div class={`notice ${tone}`} role={tone === 'info' ? 'status' : 'alert'}>
      <Icon name={icons[tone]} size={28} />
      <div class="notice-body">
        {title && <p class="notice-title">{title}</p>}
        {children}
        {action && <div class="notice-action">{action}</div>}
      </div>
    </div>
  );
}
