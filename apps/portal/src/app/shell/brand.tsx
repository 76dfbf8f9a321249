import { Link } from '@tanstack/react-router';
import { BrandMark } from '../../shared/brand-mark.tsx';
import classes from './shell.module.css';

export function Brand() {
  return (
    <Link to="/" className={classes.brand}>
      <BrandMark size={26} />
      <span>Moorage</span>
    </Link>
  );
}
