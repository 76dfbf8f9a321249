import { ButtonAnchor, CardAnchor, NavAnchor, TabAnchor, TextAnchor } from '@moorage/ui';
import { createLink } from '@tanstack/react-router';

/** The design system's anchors with the router's behaviour: typed targets, preloading, real addresses. */
export const Link = createLink(TextAnchor);
export const NavLink = createLink(NavAnchor);
export const ButtonLink = createLink(ButtonAnchor);
export const TabLink = createLink(TabAnchor);
export const CardLink = createLink(CardAnchor);
