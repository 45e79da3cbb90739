"""What both sides of the web app share: access, assets, bodies, security headers, streams, templates."""
