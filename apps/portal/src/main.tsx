import '@moorage/ui/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startI18n } from './app/i18n.ts';
import { Portal } from './app/portal.tsx';

// A page the browser kept for Back is of before: who is signed in may have changed.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
await startI18n();
createRoot(root).render(
  <StrictMode>
    <Portal />
  </StrictMode>,
);
