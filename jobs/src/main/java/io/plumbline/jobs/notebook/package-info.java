/** What notebooks need to show answers of SQL: tables and charts as HTML. */
package io.plumbline.jobs.notebook;
