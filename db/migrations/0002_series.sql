ALTER TABLE "conflicts" ADD COLUMN "schedule_by" jsonb;--> statement-breakpoint
ALTER TABLE "conflicts" ADD COLUMN "schedule_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "conflicts" ADD COLUMN "external_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "conflicts" ADD COLUMN "resolved_by" jsonb;--> statement-breakpoint
ALTER TABLE "conflicts" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "external_events" ADD COLUMN "series_external_id" text;--> statement-breakpoint
ALTER TABLE "external_events" ADD COLUMN "original_start" text;--> statement-breakpoint
ALTER TABLE "external_events" ADD COLUMN "vendor_id" text;--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "reset" jsonb;--> statement-breakpoint
ALTER TABLE "schedule_entries" ADD COLUMN "series_id" uuid;--> statement-breakpoint
ALTER TABLE "schedule_entries" ADD COLUMN "original_start" text;--> statement-breakpoint
ALTER TABLE "schedule_entries" ADD COLUMN "split_from" uuid;--> statement-breakpoint
CREATE INDEX "external_events_series" ON "external_events" USING btree ("provider_id","series_external_id") WHERE series_external_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "schedule_entries_one_override" ON "schedule_entries" USING btree ("series_id","original_start") WHERE original_start is not null;--> statement-breakpoint
CREATE INDEX "schedule_entries_series" ON "schedule_entries" USING btree ("series_id") WHERE series_id is not null;