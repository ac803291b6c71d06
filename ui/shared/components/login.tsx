import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../../../protocol/api/common.ts';
import type { Me } from '../../../protocol/api/people.ts';
import { t } from '../language.ts';
import { learnMe, logIn, session } from '../session.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { LeaveButton } from './leave-button.tsx';
import { Message, Notice } from './notice.tsx';
import { Progress } from './states.tsx';

interface GateProps {
  title: string;
  /** Any of these. */
  forRole: Me['role'] | readonly Me['role'][];
  children: ComponentChildren;
}

/** Shows the page to those who may see it; a lost session asks again over the page and keeps it. */
export function LoginGate({ title, forRole, children }: GateProps) {
  useEffect(() => {
    document.title = `${t('page.product')}: ${title}`;
  }, [title]);
  const now = session.value;
  if (now.state === 'in' && [forRole].flat().includes(now.me.role))
    return (
      <>
        {children}
        {now.lost && (
          <Dialog title={t('login.title')}>
            <p>{t('login.again')}</p>
            <LoginForm login={now.me.login} />
          </Dialog>
        )}
      </>
    );
  return (
    <main class="login">
      <div class="login-card">
        <div class="login-head">
          <h1>{title}</h1>
          <LanguageSwitch />
        </div>
        {now.state === 'unknown' && now.error === null && <Progress label={t('page.loading')} />}
        {now.state === 'unknown' && now.error !== null && (
          <Notice
            error={now.error}
            action={<Button onPress={() => void learnMe()}>{t('page.retry')}</Button>}
          />
        )}
        {now.state === 'out' && <LoginForm login="" />}
        {now.state === 'in' && (
          <Message tone="attention" action={<LeaveButton />}>
            <p>{t('login.wrong-role')}</p>
            {now.me.role === 'archivist' && (
              <p>
                <a href="/archive">{t('login.to-archive')}</a>
              </p>
            )}
            {now.me.role === 'technician' && (
              <p>
                <a href="/technician">{t('login.to-technician')}</a>
              </p>
            )}
          </Message>
        )}
      </div>
    </main>
  );
}

function LoginForm({ login }: { login: string }) {
  const [name, setName] = useState(login);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [caps, setCaps] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const enter = async () => {
    if (busy || name === '' || password === '') return;
    setBusy(true);
    setError(null);
    const refusal = await logIn(name, password);
    setBusy(false);
    setError(refusal);
    if (refusal) setPassword('');
  };
  return (
    <form
      class="login-form"
      onSubmit={event => {
        event.preventDefault();
        void enter();
      }}
    >
      <label class="field">
        <span>{t('login.login')}</span>
        <input
          class="input"
          name="login"
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          maxLength={64}
          autofocus={login === ''}
          value={name}
          onInput={event => setName(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{t('login.password')}</span>
        <input
          class="input"
          name="password"
          type="password"
          autocomplete="current-password"
          maxLength={200}
          autofocus={login !== ''}
          value={password}
          onInput={event => setPassword(event.currentTarget.value)}
          onKeyUp={event => setCaps(event.getModifierState('CapsLock'))}
        />
      </label>
      <p class="login-caps" role="status">
        {caps ? t('login.caps') : ''}
      </p>
      {error && <Notice error={error} />}
      <button type="submit" class="button primary" aria-busy={busy ? 'true' : undefined}>
        {t('login.enter')}
      </button>
    </form>
  );
}
