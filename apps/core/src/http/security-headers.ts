import type { ServerResponse } from 'node:http';

const EVERYWHERE: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
};

const API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";
const PORTAL_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ');
const PERMISSIONS = 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)';
const TWO_YEARS = 63_072_000;

/** Headers of API and token answers: never framed, sniffed, scripted or cached. */
export function setApiHeaders(response: ServerResponse, isHttps: boolean): void {
  setShared(response, isHttps);
  response.setHeader('content-security-policy', API_POLICY);
  response.setHeader('cache-control', 'no-store');
}

/** Headers of the portal's pages and assets. */
export function setPortalHeaders(response: ServerResponse, isHttps: boolean): void {
  setShared(response, isHttps);
  response.setHeader('content-security-policy', PORTAL_POLICY);
  response.setHeader('permissions-policy', PERMISSIONS);
}

function setShared(response: ServerResponse, isHttps: boolean): void {
  for (const [name, value] of Object.entries(EVERYWHERE)) response.setHeader(name, value);
  if (isHttps) response.setHeader('strict-transport-security', `max-age=${TWO_YEARS}; includeSubDomains`);
}
