/** REST and what else the web server of a packaged host answers. */
package dev.capstan.itest.rest;
