/** Results for people: text tables, Markdown and one self-contained page. */
package io.plumbline.jobs.report;
