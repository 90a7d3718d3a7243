/** The page of a host in a real browser. */
package dev.capstan.itest.web;
